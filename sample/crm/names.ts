import type { Random } from './random.ts';

const surnames = [
  ...Array.from(
    '王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩冯邓曹彭曾萧田董袁潘蔡蒋余于杜叶程魏苏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严武戴莫孔向汤',
  ),
  '欧阳',
  '上官',
  '司马',
  '诸葛',
];
const givenCharacters = Array.from(
  '伟芳娜秀英敏静丽强磊军洋勇艳杰娟涛明超霞平刚桂玲辉建国文华志红梅春兰海燕晓波宇浩然子轩梓涵欣怡雨桐思远佳琪嘉慧若曦一诺俊豪天佑晨曦雅婷美玉宏达永康',
);
const places = [
  '华东',
  '上海',
  '苏州',
  '杭州',
  '宁波',
  '南京',
  '无锡',
  '合肥',
  '济南',
  '青岛',
  '北京',
  '天津',
  '石家庄',
  '太原',
  '广州',
  '深圳',
  '佛山',
  '东莞',
  '南宁',
  '厦门',
  '成都',
  '重庆',
  '昆明',
  '贵阳',
  '武汉',
  '长沙',
  '郑州',
  '西安',
];
const firmNames = [
  '恒信',
  '鼎盛',
  '瑞丰',
  '华创',
  '天成',
  '金茂',
  '博远',
  '嘉禾',
  '永泰',
  '中联',
  '万象',
  '启明',
  '宏图',
  '安达',
  '德胜',
  '新锐',
  '海川',
  '卓越',
  '同济',
  '百川',
  '云帆',
  '正大',
  '佳和',
  '盛世',
  '联创',
  '锦程',
  '星河',
  '友邦',
];
const trades = [
  '机电',
  '贸易',
  '科技',
  '商贸',
  '电子',
  '食品',
  '服饰',
  '建材',
  '医药',
  '物流',
  '餐饮',
  '家居',
  '汽配',
  '化工',
  '文化传媒',
  '信息技术',
  '供应链',
  '五金',
  '母婴用品',
  '新能源',
];
const companyForms = ['有限公司', '有限责任公司', '股份有限公司', '集团有限公司', '商行', '经营部'];
/** What people really type into a name field. */
const oddities = [
  '🎁',
  '😀',
  '（勿扰）',
  ' VIP',
  '　',
  '"老板"',
  "O'Neil",
  '\\',
  '（已合并）',
  ' محمد',
  'ﾃｽﾄ',
];

/** The name of a company or of a person, as a Chinese CRM holds it. */
export function customerName(random: Random, isCompany: boolean): string {
  const name = isCompany
    ? random.pick(places) + random.pick(firmNames) + random.pick(trades) + random.pick(companyForms)
    : random.pick(surnames) +
      random.pick(givenCharacters) +
      (random.chance(0.75) ? random.pick(givenCharacters) : '');
  return random.chance(0.0005) ? name + random.pick(oddities) : name;
}
